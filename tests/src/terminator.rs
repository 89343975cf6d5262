//! TLS in front of a plaintext server.
//!
//! For tests only. Whatever happens to the connection behind it also happens to the one before it,
//! as if the server itself used TLS.

use std::{net::SocketAddr, sync::Arc};

use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use tokio::{
    io::{self, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
};
use tokio_rustls::TlsAcceptor;

/// A certificate and its key, as text (PEM), so that another process can receive it.
#[derive(Clone, Debug)]
pub struct Identity(pub(crate) String);

impl Identity {
    /// Accepts TLS connections with it.
    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        let certificate = CertificateDer::from_pem_slice(self.0.as_bytes()).expect("it has a certificate");
        let key = PrivateKeyDer::from_pem_slice(self.0.as_bytes()).expect("it has a key");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("the provider knows them")
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .expect("key and certificate fit");
        TlsAcceptor::from(Arc::new(config))
    }
}

/// A running terminator; it ends with its runtime.
#[derive(Debug)]
pub struct Terminator {
    identity: watch::Sender<Identity>,
    address: SocketAddr,
}

impl Terminator {
    /// Starts a terminator that presents this identity and forwards to this server; on this port, 0
    /// for any.
    ///
    /// # Errors
    /// If it can't listen there.
    pub async fn start(identity: Identity, server: SocketAddr, port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port)).await?;
        let address = listener.local_addr()?;
        let (identity, shown) = watch::channel(identity);
        tokio::spawn(accept(listener, server, shown));
        Ok(Self { identity, address })
    }

    /// The address for clients.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Presents this identity to new connections from now on.
    pub fn show(&self, identity: Identity) {
        self.identity.send_replace(identity);
    }
}

async fn accept(listener: TcpListener, server: SocketAddr, shown: watch::Receiver<Identity>) {
    while let Ok((client, _)) = listener.accept().await {
        let acceptor = shown.borrow().acceptor();
        tokio::spawn(async move {
            // The client may close whenever it has seen enough.
            let _ = serve(client, &acceptor, server).await;
        });
    }
}

async fn serve(client: TcpStream, acceptor: &TlsAcceptor, server: SocketAddr) -> io::Result<()> {
    client.set_nodelay(true)?;
    let mut client = acceptor.accept(client).await?;
    let mut server = TcpStream::connect(server).await?;
    server.set_nodelay(true)?;
    match io::copy_bidirectional(&mut client, &mut server).await {
        Ok(_) => client.shutdown().await,
        Err(_) => client.get_ref().0.set_zero_linger(),
    }
}
