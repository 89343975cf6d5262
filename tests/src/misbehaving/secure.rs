//! TLS servers with certificates of a test authority.

use std::net::SocketAddr;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio::{
    io::{self, AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;

use super::odd;
use crate::terminator::Identity;

/// A certificate authority.
#[derive(Debug)]
pub(super) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(super) fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("there is entropy");
        Self(CertifiedIssuer::self_signed(params, key).expect("the authority is valid"))
    }

    pub(super) fn der(&self) -> Vec<u8> {
        self.0.der().to_vec()
    }

    pub(super) fn server(&self, name: &str) -> TlsAcceptor {
        self.serve_with(named(name))
    }

    pub(super) fn expired_server(&self, name: &str) -> TlsAcceptor {
        let mut params = named(name);
        params.not_before = rcgen::date_time_ymd(2001, 1, 1);
        params.not_after = rcgen::date_time_ymd(2002, 1, 1);
        self.serve_with(params)
    }

    fn serve_with(&self, params: CertificateParams) -> TlsAcceptor {
        self.identity_with(params).acceptor()
    }

    /// A certificate for these names.
    pub(super) fn identity(&self, names: &[&str]) -> Identity {
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        self.identity_with(CertificateParams::new(names).expect("they are names"))
    }

    fn identity_with(&self, params: CertificateParams) -> Identity {
        let key = KeyPair::generate().expect("there is entropy");
        let certificate = params.signed_by(&key, &self.0).expect("the certificate is valid");
        Identity(certificate.pem() + &key.serialize_pem())
    }
}

fn named(name: &str) -> CertificateParams {
    CertificateParams::new([name.to_owned()]).expect("it is a name")
}

/// A server that answers over TLS as the odd one does without.
pub(super) async fn start(acceptor: TlsAcceptor) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("there is a free port");
    let address = listener.local_addr().expect("it has an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                // A client that does not trust us aborts here.
                if let Ok(stream) = acceptor.accept(stream).await {
                    odd::serve(stream).await;
                }
            });
        }
    });
    address
}

/// A server that ends the TLS connection after its first message.
pub(super) async fn start_half(identity: Identity) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("there is a free port");
    let address = listener.local_addr().expect("it has an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = identity.acceptor();
            tokio::spawn(async move {
                // The client may close whenever it has seen enough.
                let _ = half(stream, acceptor).await;
            });
        }
    });
    address
}

async fn half(mut stream: TcpStream, acceptor: TlsAcceptor) -> io::Result<()> {
    let (client, server) = io::duplex(64 << 10);
    let (mut heard, mut said) = io::split(client);
    let handshake = acceptor.accept(server);
    let (mut from_client, mut to_client) = stream.split();
    let first = async {
        // A record's type, version and length (RFC 8446 §5.1), followed by its contents.
        let mut head = [0; 5];
        heard.read_exact(&mut head).await?;
        let mut body = vec![0; usize::from(u16::from_be_bytes([head[3], head[4]]))];
        heard.read_exact(&mut body).await?;
        to_client.write_all(&[&head[..], &body].concat()).await
    };
    tokio::select! {
        _ = handshake => {}
        _ = io::copy(&mut from_client, &mut said) => {}
        _ = first => {}
    }
    stream.shutdown().await?;
    io::copy(&mut stream, &mut io::sink()).await.map(drop)
}
