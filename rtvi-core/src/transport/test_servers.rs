//! Small servers for the tests of the transports: raw HTTP answers, and TLS with certificates of a
//! test authority.

use std::{
    future::Future,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, PublicKeyData};
use ring::digest::{SHA256, digest};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

/// Accepts connections on a free loopback port and passes each to `serve`.
pub(super) async fn listen<F, S>(serve: F) -> SocketAddr
where
    F: Fn(TcpStream) -> S + Send + 'static,
    S: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    address
}

/// Answers one request with exactly `answer`, closes, and returns the request.
pub(super) async fn answer_once(answer: impl Into<Vec<u8>>) -> (SocketAddr, JoinHandle<String>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let answer = answer.into();
    let serving = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let request = read_request(&mut stream).await;
        stream.write_all(&answer).await.unwrap();
        stream.shutdown().await.unwrap();
        request
    });
    (address, serving)
}

/// An HTTP answer with a body.
pub(super) fn answer(status: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

/// A port that refuses connections while the socket exists: the port is in use, but nobody listens.
pub(super) fn closed_port() -> (TcpSocket, SocketAddr) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let address = socket.local_addr().unwrap();
    (socket, address)
}

/// Reads a complete HTTP request: the head, and the body according to its `content-length`.
pub(super) async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut request = String::new();
    let mut buffer = [0; 4096];
    loop {
        if let Some((head, body)) = request.split_once("\r\n\r\n")
            && body.len() >= content_length(head)
        {
            return request;
        }
        let count = stream.read(&mut buffer).await.unwrap();
        assert!(count > 0, "the request ended early: {request}");
        request.push_str(std::str::from_utf8(&buffer[..count]).unwrap());
    }
}

fn content_length(head: &str) -> usize {
    let lengths = head.lines().filter_map(|line| line.split_once(": "));
    let mut lengths = lengths.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    lengths.next().map_or(0, |(_, value)| value.parse().unwrap())
}

/// A certificate authority for tests.
pub(super) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(super) fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub(super) fn der(&self) -> Vec<u8> {
        self.0.der().to_vec()
    }

    pub(super) fn pem(&self) -> String {
        self.0.pem()
    }

    /// A TLS server with a certificate for `name`.
    pub(super) fn server(&self, name: &str) -> TlsAcceptor {
        self.server_with(CertificateParams::new([name.to_owned()]).unwrap())
    }

    /// A TLS server whose certificate for `name` has expired.
    pub(super) fn expired_server(&self, name: &str) -> TlsAcceptor {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(2001, 1, 1);
        params.not_after = rcgen::date_time_ymd(2002, 1, 1);
        self.server_with(params)
    }

    /// A TLS server with a certificate for `name`, and the hash of its public key.
    pub(super) fn pinned_server(&self, name: &str) -> (TlsAcceptor, [u8; 32]) {
        let key = KeyPair::generate().unwrap();
        let hash = digest(&SHA256, &key.subject_public_key_info());
        let params = CertificateParams::new([name.to_owned()]).unwrap();
        (self.server_with_key(params, &key), hash.as_ref().try_into().unwrap())
    }

    fn server_with(&self, params: CertificateParams) -> TlsAcceptor {
        self.server_with_key(params, &KeyPair::generate().unwrap())
    }

    fn server_with_key(&self, params: CertificateParams, key: &KeyPair) -> TlsAcceptor {
        let certificate = CertificateDer::from(params.signed_by(key, &self.0).unwrap());
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config =
            ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = config.with_no_client_auth().with_single_cert(vec![certificate], key).unwrap();
        TlsAcceptor::from(Arc::new(config))
    }
}
