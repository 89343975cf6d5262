package ai.rtvi.client

import ai.rtvi.ffi.FfiTls

/**
 * Whom to trust of servers.
 *
 * @property rootCertificates authorities to trust besides the system's, in PEM form. Not on Android, where the app's network security
 *   configuration says whom to trust.
 * @property pinnedKeys if any, only servers with one of these keys are talked to: each the SHA-256 hash, 32 bytes, of the public key of the
 *   server's own certificate in DER form (`openssl x509 -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary`).
 *   The system must trust the certificate as well. Name a second key that is kept elsewhere, or the app is locked out when the first is lost.
 *   One of another length is refused as [ErrorKind.INVALID_ARGUMENT] when a client is made.
 * @property allowPlaintext whether `ws` and `http` are allowed everywhere, where all on the way can read and change everything; otherwise
 *   to this machine and private networks only.
 */
public class TlsOptions(
    public val rootCertificates: String? = null,
    public val pinnedKeys: List<ByteArray> = emptyList(),
    public val allowPlaintext: Boolean = false,
) {
    internal fun ffi() = FfiTls(rootCertificates, pinnedKeys, allowPlaintext)
}
