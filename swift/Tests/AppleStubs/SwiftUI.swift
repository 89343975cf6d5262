// Declarations of Apple's SwiftUI, as far as the package and the example app use it: for the compiler
// on Linux only.
@_exported import Combine
@_exported import Foundation
import UIKit

@MainActor @preconcurrency
public protocol View {
    associatedtype Body: View
    @ViewBuilder var body: Body { get }
}

extension Never: View {
    public var body: Never { fatalError("only declared") }
}

@MainActor @preconcurrency
public protocol UIViewRepresentable: View where Body == Never {
    associatedtype UIViewType: UIView
    associatedtype Coordinator = Void
    typealias Context = UIViewRepresentableContext<Self>
    func makeUIView(context: Context) -> UIViewType
    func updateUIView(_ view: UIViewType, context: Context)
    func makeCoordinator() -> Coordinator
}

extension UIViewRepresentable {
    public var body: Never { fatalError("only declared") }
}

@MainActor @preconcurrency
public struct UIViewRepresentableContext<Representable: UIViewRepresentable> {
    public let coordinator: Representable.Coordinator
}

// MARK: Data

@propertyWrapper
public struct Binding<Value> {
    public init(get: @escaping () -> Value, set: @escaping (Value) -> Void) {}
    public var wrappedValue: Value {
        get { fatalError("only declared") }
        nonmutating set {}
    }
    public var projectedValue: Binding<Value> { self }
    public static func constant(_ value: Value) -> Binding<Value> { fatalError("only declared") }
}

extension Binding: @unchecked Sendable where Value: Sendable {}

@propertyWrapper
public struct State<Value> {
    public init(wrappedValue: Value) {}
    public var wrappedValue: Value {
        get { fatalError("only declared") }
        nonmutating set {}
    }
    public var projectedValue: Binding<Value> { fatalError("only declared") }
}

@MainActor @preconcurrency @propertyWrapper
public struct ObservedObject<ObjectType: ObservableObject> {
    public init(wrappedValue: ObjectType) { self.wrappedValue = wrappedValue }
    public var wrappedValue: ObjectType
}

@MainActor @preconcurrency @propertyWrapper
public struct StateObject<ObjectType: ObservableObject> {
    public init(wrappedValue: @autoclosure @escaping () -> ObjectType) {}
    public var wrappedValue: ObjectType { fatalError("only declared") }
}

@propertyWrapper
public struct AppStorage<Value> {
    public init(wrappedValue: Value, _ key: String) {}
    public var wrappedValue: Value {
        get { fatalError("only declared") }
        nonmutating set {}
    }
    public var projectedValue: Binding<Value> { fatalError("only declared") }
}

// MARK: Views

@resultBuilder
public enum ViewBuilder {
    public static func buildExpression<Content: View>(_ content: Content) -> Content { content }
    public static func buildBlock<each Content: View>(_ content: repeat each Content) -> TupleView<(repeat each Content)> {
        fatalError("only declared")
    }
    public static func buildBlock<Content: View>(_ content: Content) -> Content { content }
    public static func buildOptional<Content: View>(_ content: Content?) -> Content? { content }
}

public struct TupleView<Content>: View {
    public var body: Never { fatalError("only declared") }
}

extension Optional: View where Wrapped: View {
    public var body: Never { fatalError("only declared") }
}

public struct VerticalAlignment: Sendable {
    public static let center = VerticalAlignment()
}

public struct Alignment: Sendable {
    public static let center = Alignment()
    public static let leading = Alignment()
    public static let trailing = Alignment()
}

public struct UnitPoint: Sendable {
    public static let bottom = UnitPoint()
}

public struct HStack<Content: View>: View {
    public init(alignment: VerticalAlignment = .center, spacing: CGFloat? = nil, @ViewBuilder content: () -> Content) {}
    public var body: Never { fatalError("only declared") }
}

public struct VStack<Content: View>: View {
    public init(spacing: CGFloat? = nil, @ViewBuilder content: () -> Content) {}
    public var body: Never { fatalError("only declared") }
}

public struct LazyVStack<Content: View>: View {
    public init(spacing: CGFloat? = nil, @ViewBuilder content: () -> Content) {}
    public var body: Never { fatalError("only declared") }
}

public struct ScrollView<Content: View>: View {
    public init(@ViewBuilder content: () -> Content) {}
    public var body: Never { fatalError("only declared") }
}

public struct ScrollViewProxy {
    public func scrollTo<ID: Hashable>(_ id: ID, anchor: UnitPoint? = nil) {}
}

public struct ScrollViewReader<Content: View>: View {
    public init(@ViewBuilder content: @escaping (ScrollViewProxy) -> Content) {}
    public var body: Never { fatalError("only declared") }
}

public struct ForEach<Data: RandomAccessCollection, Content: View>: View where Data.Element: Identifiable {
    public init(_ data: Data, @ViewBuilder content: @escaping (Data.Element) -> Content) {}
    public var body: Never { fatalError("only declared") }
}

public struct Capsule: View {
    public init() {}
    public var body: Never { fatalError("only declared") }
}

public struct Image: View {
    public init(systemName: String) {}
    public var body: Never { fatalError("only declared") }
}

public struct Color: Sendable {
    public static let secondary = Color()
}

public struct Text: View {
    public init<S: StringProtocol>(_ content: S) {}
    public static func + (left: Text, right: Text) -> Text { left }
    public func foregroundColor(_ color: Color?) -> Text { self }
    public func strikethrough() -> Text { self }
    public var body: Never { fatalError("only declared") }
}

public struct Button<Label: View>: View {
    public init(action: @escaping @MainActor () -> Void, @ViewBuilder label: () -> Label) {}
    public init<S: StringProtocol>(_ title: S, action: @escaping @MainActor () -> Void) where Label == Text {}
    public var body: Never { fatalError("only declared") }
}

public struct TextField<Label: View>: View {
    public init<S: StringProtocol>(_ title: S, text: Binding<String>) where Label == Text {}
    public var body: Never { fatalError("only declared") }
}

// MARK: Modifiers

public struct Modified<Content: View>: View {
    public var body: Never { fatalError("only declared") }
}

public struct Animation: Sendable {
    public static func linear(duration: TimeInterval) -> Animation { Animation() }
}

public struct Font: Sendable {
    public static let caption = Font()
}

public struct AccessibilityChildBehavior: Sendable {
    public static let ignore = AccessibilityChildBehavior()
}

public struct RoundedBorderTextFieldStyle: Sendable {
    public init() {}
}

extension RoundedBorderTextFieldStyle {
    public static var roundedBorder: RoundedBorderTextFieldStyle { RoundedBorderTextFieldStyle() }
}

extension View {
    public func frame(width: CGFloat? = nil, height: CGFloat? = nil, alignment: Alignment = .center) -> some View { Modified<Self>() }
    public func frame(maxWidth: CGFloat?, alignment: Alignment = .center) -> some View { Modified<Self>() }
    public func padding() -> some View { Modified<Self>() }
    public func font(_ font: Font?) -> some View { Modified<Self>() }
    public func disabled(_ isDisabled: Bool) -> some View { Modified<Self>() }
    public func animation<V: Equatable>(_ animation: Animation?, value: V) -> some View { Modified<Self>() }
    public func onChange<V: Equatable>(of value: V, perform action: @escaping (V) -> Void) -> some View { Modified<Self>() }
    public func onSubmit(_ action: @escaping () -> Void) -> some View { Modified<Self>() }
    public func textFieldStyle(_ style: RoundedBorderTextFieldStyle) -> some View { Modified<Self>() }
    public func accessibilityElement(children: AccessibilityChildBehavior) -> some View { Modified<Self>() }
    public func accessibilityLabel<S: StringProtocol>(_ label: S) -> Modified<Self> { Modified() }
    public func accessibilityValue<S: StringProtocol>(_ value: S) -> Modified<Self> { Modified() }
    public func alert<S: StringProtocol, T, A: View, M: View>(
        _ title: S, isPresented: Binding<Bool>, presenting data: T?, @ViewBuilder actions: (T) -> A,
        @ViewBuilder message: (T) -> M
    ) -> some View { Modified<Self>() }
}

// MARK: Apps

@MainActor @preconcurrency
public protocol Scene {}

@MainActor @preconcurrency
public protocol App {
    associatedtype Body: Scene
    var body: Body { get }
    init()
}

extension App {
    public static func main() {}
}

public struct WindowGroup<Content: View>: Scene {
    public init(@ViewBuilder content: () -> Content) {}
}
