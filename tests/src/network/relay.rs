//! The path of one call's packets: two sockets, one for each side.
//!
//! To the server, the client is at one socket; to the client, the server is at the other. As behind
//! a NAT, the first packet from one of the client's ports identifies the client. A program that
//! still sends to the previous owner of the relay's port is not the client. Depends on
//! [`super::link`]. Must never answer anything itself.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use tokio::{
    net::UdpSocket,
    sync::watch,
    task::JoinHandle,
    time::{Instant, sleep_until},
};

use super::{counters::Counters, impairment::Conditions, link::Link};

/// The largest UDP datagram.
const DATAGRAM: usize = 65_536;

/// A running relay, stopped when dropped.
#[derive(Debug)]
pub(super) struct Relay {
    /// The client's address for the server.
    pub for_server: SocketAddr,
    /// The server's address for the client.
    pub for_client: SocketAddr,
    /// Set when the server's answer contains its address.
    server: watch::Sender<Option<SocketAddr>>,
    task: JoinHandle<io::Result<()>>,
}

impl Relay {
    /// Starts a relay on this address of the machine, for a client on one of these ports; on any
    /// port if there are none.
    pub(super) async fn start(
        host: IpAddr,
        client_ports: Vec<u16>,
        seed: u64,
        mut conditions: watch::Receiver<Conditions>,
        counters: Arc<Counters>,
    ) -> io::Result<Self> {
        let current = *conditions.borrow_and_update();
        let (server_side, client_side) = (bind(host).await?, bind(host).await?);
        let (for_server, for_client) = (server_side.local_addr()?, client_side.local_addr()?);
        let (server, server_address) = watch::channel(None);
        let sides = Sides {
            server_side,
            client_side,
            client_ports,
            client: None,
            server: server_address,
            up: Link::new(seed),
            down: Link::new(!seed),
            counters,
        };
        let task = tokio::spawn(sides.run(host, current, conditions));
        Ok(Self { for_server, for_client, server, task })
    }

    /// Sets the server's address.
    pub(super) fn set_server(&self, address: SocketAddr) {
        self.server.send_replace(Some(address));
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn bind(host: IpAddr) -> io::Result<UdpSocket> {
    UdpSocket::bind((host, 0)).await
}

#[derive(Debug)]
struct Sides {
    server_side: UdpSocket,
    client_side: UdpSocket,
    client_ports: Vec<u16>,
    client: Option<SocketAddr>,
    server: watch::Receiver<Option<SocketAddr>>,
    up: Link,
    down: Link,
    counters: Arc<Counters>,
}

impl Sides {
    async fn run(
        mut self,
        host: IpAddr,
        mut current: Conditions,
        mut conditions: watch::Receiver<Conditions>,
    ) -> io::Result<()> {
        let (mut from_client, mut from_server) = (vec![0; DATAGRAM], vec![0; DATAGRAM]);
        loop {
            let due = self.up.next_due().into_iter().chain(self.down.next_due()).min();
            tokio::select! {
                // A change applies to every packet that arrives after it.
                biased;
                changed = conditions.changed() => {
                    if changed.is_err() {
                        return Ok(());
                    }
                    let new = *conditions.borrow_and_update();
                    self.adapt(&current, &new, host).await?;
                    current = new;
                }
                received = self.client_side.recv_from(&mut from_client) => {
                    let Ok((length, source)) = received else { continue };
                    self.take_up(&from_client[..length], source, &current);
                }
                received = self.server_side.recv_from(&mut from_server) => {
                    let Ok((length, _)) = received else { continue };
                    self.take_down(&from_server[..length], &current);
                }
                () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => self.deliver().await,
            }
        }
    }

    /// Handles a packet from the client. Packets from its other addresses are dropped.
    fn take_up(&mut self, packet: &[u8], source: SocketAddr, conditions: &Conditions) {
        let is_client = self.client_ports.is_empty() || self.client_ports.contains(&source.port());
        if !is_client || *self.client.get_or_insert(source) != source {
            return;
        }
        let arrives = !conditions.is_dark && self.up.send(packet, &conditions.up, Instant::now());
        self.counters.count_up(arrives);
    }

    fn take_down(&mut self, packet: &[u8], conditions: &Conditions) {
        let arrives = !conditions.is_dark && self.down.send(packet, &conditions.down, Instant::now());
        self.counters.count_down(arrives);
    }

    /// Sends the packets that are due. An error stems from an earlier packet to a closed port and
    /// can be ignored.
    async fn deliver(&mut self) {
        let now = Instant::now();
        while let Some(packet) = self.up.take(now) {
            let server = *self.server.borrow();
            if let Some(server) = server {
                drop(self.server_side.send_to(&packet, server).await);
            }
        }
        while let Some(packet) = self.down.take(now) {
            if let Some(client) = self.client {
                drop(self.client_side.send_to(&packet, client).await);
            }
        }
    }

    async fn adapt(&mut self, old: &Conditions, new: &Conditions, host: IpAddr) -> io::Result<()> {
        if new.is_dark {
            self.up.clear();
            self.down.clear();
        }
        if new.address != old.address {
            self.server_side = bind(host).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::{net::Ipv4Addr, time::Duration};

    use tokio::time::timeout;

    use super::*;
    use crate::network::impairment::Impairment;

    const HOST: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
    const SOON: Duration = Duration::from_secs(5);
    const NEVER: Duration = Duration::from_millis(100);

    struct Ends {
        client: UdpSocket,
        server: UdpSocket,
        relay: Relay,
        conditions: watch::Sender<Conditions>,
        counters: Arc<Counters>,
    }

    async fn ends() -> Ends {
        let (conditions, receiver) = watch::channel(Conditions::default());
        let counters = Arc::new(Counters::default());
        let (client, server) = (bind(HOST).await.unwrap(), bind(HOST).await.unwrap());
        let ports = vec![client.local_addr().unwrap().port()];
        let relay = Relay::start(HOST, ports, 1, receiver, Arc::clone(&counters)).await.unwrap();
        relay.set_server(server.local_addr().unwrap());
        Ends { client, server, relay, conditions, counters }
    }

    impl Ends {
        async fn say(&self, word: &[u8]) {
            self.client.send_to(word, self.relay.for_client).await.unwrap();
        }

        async fn hear(&self) -> Option<(Vec<u8>, SocketAddr)> {
            let mut buffer = vec![0; 64];
            let received = timeout(NEVER, self.server.recv_from(&mut buffer)).await.ok()?;
            let (length, source) = received.unwrap();
            buffer.truncate(length);
            Some((buffer, source))
        }
    }

    #[tokio::test]
    async fn both_sides_know_the_relay_only() {
        let ends = ends().await;
        ends.say(b"hello").await;
        let (word, source) = ends.hear().await.unwrap();
        assert_eq!((word.as_slice(), source), (&b"hello"[..], ends.relay.for_server));
        ends.server.send_to(b"welcome", source).await.unwrap();
        let mut buffer = [0; 64];
        let (length, source) = timeout(SOON, ends.client.recv_from(&mut buffer)).await.unwrap().unwrap();
        assert_eq!((&buffer[..length], source), (&b"welcome"[..], ends.relay.for_client));
        assert_eq!(ends.counters.counts().up, 1);
        assert_eq!(ends.counters.counts().down, 1);
    }

    #[tokio::test]
    async fn a_stranger_is_not_taken_for_the_client() {
        let ends = ends().await;
        let stranger = bind(HOST).await.unwrap();
        stranger.send_to(b"hello?", ends.relay.for_client).await.unwrap();
        assert_eq!(ends.hear().await, None);
        ends.say(b"hello").await;
        assert_eq!(ends.hear().await.unwrap().0, b"hello");
    }

    #[tokio::test]
    async fn nothing_passes_in_the_dark_and_all_after_it() {
        let ends = ends().await;
        ends.conditions.send_modify(|conditions| conditions.is_dark = true);
        ends.say(b"lost").await;
        assert_eq!(ends.hear().await, None);
        ends.conditions.send_modify(|conditions| conditions.is_dark = false);
        ends.say(b"hello").await;
        assert_eq!(ends.hear().await.unwrap().0, b"hello");
        assert_eq!(ends.counters.counts().up_lost, 1);
    }

    #[tokio::test]
    async fn the_client_can_move_to_another_address() {
        let ends = ends().await;
        ends.conditions.send_modify(|conditions| conditions.address += 1);
        ends.say(b"hello").await;
        let (_, source) = ends.hear().await.unwrap();
        assert_ne!(source, ends.relay.for_server);
    }

    #[tokio::test]
    async fn all_is_lost_when_the_loss_is_total() {
        let ends = ends().await;
        ends.conditions.send_replace(Conditions::both(Impairment::loss(1.0)));
        ends.say(b"lost").await;
        assert_eq!(ends.hear().await, None);
    }
}
