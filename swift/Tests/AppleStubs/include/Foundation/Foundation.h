// Declarations of Apple's Foundation, as far as CRTVI uses it: for the compiler on Linux only.
#pragma clang assume_nonnull begin

__attribute__((objc_root_class))
@interface NSObject
@end

@interface NSString : NSObject
@property(readonly, nullable) const char *UTF8String;
+ (instancetype)stringWithFormat:(NSString *)format, ...;
@end

@interface NSConstantString : NSString
@end

@interface NSException : NSObject
@property(readonly, copy) NSString *name;
@property(readonly, copy, nullable) NSString *reason;
@end

#pragma clang assume_nonnull end
