// Declarations of Apple's CoreVideo, as far as RTVIVideo uses it: for the compiler on Linux only.
@_exported import Foundation

public typealias CFString = NSString
public typealias CFDictionary = NSDictionary
public typealias CFArray = NSArray
public typealias CFTypeRef = AnyObject
public typealias CFAllocator = NSObject
public typealias OSStatus = Int32
public let noErr: OSStatus = 0

public final class CVBuffer {}
public typealias CVImageBuffer = CVBuffer
public typealias CVPixelBuffer = CVBuffer
public func CVPixelBufferGetWidth(_ buffer: CVPixelBuffer) -> Int { 0 }
public func CVPixelBufferGetHeight(_ buffer: CVPixelBuffer) -> Int { 0 }
