import Foundation
import RTVITypes

/// Whom to trust of servers.
public struct TLSOptions: Sendable, Equatable {
    /// Certificates of authorities to trust besides the system's, in PEM form.
    public var rootCertificates: String?
    /// If any, only servers with one of these keys are talked to: each the SHA-256 hash, 32 bytes, of the public key of the server's own
    /// certificate in DER form (`openssl x509 -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary`). The
    /// system must trust the certificate as well. Name a second key that is kept elsewhere, or the app is locked out when the first is lost.
    public var pinnedKeys: [Data]
    /// Whether `ws` and `http` are allowed everywhere, where all on the way can read and change everything; otherwise to this machine and
    /// private networks only.
    public var allowPlaintext: Bool

    /// The system's trust, unless told otherwise. A key of another length is refused as `invalidArgument` when a client is made.
    public init(rootCertificates: String? = nil, pinnedKeys: [Data] = [], allowPlaintext: Bool = false) {
        self.rootCertificates = rootCertificates
        self.pinnedKeys = pinnedKeys
        self.allowPlaintext = allowPlaintext
    }

    var ffi: FfiTls {
        FfiTls(rootCertificates: rootCertificates, pinnedKeys: pinnedKeys, allowPlaintext: allowPlaintext)
    }
}
