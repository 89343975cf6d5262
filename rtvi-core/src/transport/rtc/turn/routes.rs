//! The ways between the sockets of a peer connection and the links to TURN servers.
//!
//! Depends on bounded channels alone. Never waits: what there is no room for is lost, as on any network.

use std::{
    net::{Ipv4Addr, SocketAddr, SocketAddrV4},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use tokio::sync::mpsc;

/// How many packets wait for a link to send them: about half a second of a call. A further one is lost.
const LINK_QUEUE: usize = 64;
/// How many packets of TURN servers wait for a socket to be read. A further one is lost.
const SOCKET_QUEUE: usize = 256;
/// The port under which servers are known inside; any would do.
const PORT: u16 = 3478;

/// A packet of a TURN server, and the address the server is known under.
pub(super) type Packet = (SocketAddr, Bytes);

/// The socket that a server's packets go to. There is one at most: a server relays once.
#[derive(Clone, Debug, Default)]
pub(super) struct Inbox(Arc<Mutex<Option<mpsc::Sender<Packet>>>>);

impl Inbox {
    /// Gives a packet to the socket; it is lost when there is none or no room.
    pub(super) fn deliver(&self, packet: Packet) {
        if let Some(socket) = &*self.lock() {
            let _ = socket.try_send(packet);
        }
    }

    /// Whether the server is this socket's; the first to ask gets it.
    fn belongs_to(&self, socket: &mpsc::Sender<Packet>) -> bool {
        self.lock().get_or_insert_with(|| socket.clone()).same_channel(socket)
    }

    fn release(&self, socket: &mpsc::Sender<Packet>) {
        self.lock().take_if(|owner| owner.same_channel(socket));
    }

    fn lock(&self) -> MutexGuard<'_, Option<mpsc::Sender<Packet>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The link's ends of a route.
#[derive(Debug)]
pub(super) struct LinkEnds {
    pub(super) address: SocketAddr,
    pub(super) outgoing: mpsc::Receiver<Bytes>,
    pub(super) inbox: Inbox,
}

#[derive(Debug)]
struct Route {
    address: SocketAddr,
    link: mpsc::Sender<Bytes>,
    inbox: Inbox,
}

/// All the routes of a peer connection.
#[derive(Debug, Default)]
pub(crate) struct Routes(Vec<Route>);

/// What became of a packet that a socket was to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// It goes to a TURN server, or is lost on the way there.
    Taken,
    /// It is for a TURN server that another socket uses.
    Occupied,
    /// It is not for a TURN server.
    Elsewhere,
}

impl Routes {
    /// A further route. Its server is known to the peer connection under an address that no network has (240.0.0.0/4).
    pub(super) fn add(&mut self) -> LinkEnds {
        let number = u8::try_from(self.0.len() + 1).unwrap_or(u8::MAX);
        let address = SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::new(240, 0, 0, number), PORT));
        let (link, outgoing) = mpsc::channel(LINK_QUEUE);
        let inbox = Inbox::default();
        self.0.push(Route { address, link, inbox: inbox.clone() });
        LinkEnds { address, outgoing, inbox }
    }

    /// The queue of a new socket, both ends.
    pub(super) fn socket() -> (mpsc::Sender<Packet>, mpsc::Receiver<Packet>) {
        mpsc::channel(SOCKET_QUEUE)
    }

    /// Sends a packet of `socket` if it is for one of the servers.
    pub(super) fn send(&self, socket: &mpsc::Sender<Packet>, to: SocketAddr, contents: &[u8]) -> Sent {
        let Some(route) = self.0.iter().find(|route| route.address == to) else { return Sent::Elsewhere };
        if !route.inbox.belongs_to(socket) {
            return Sent::Occupied;
        }
        let _ = route.link.try_send(Bytes::copy_from_slice(contents));
        Sent::Taken
    }

    /// The socket is gone: another may use its servers.
    pub(super) fn release(&self, socket: &mpsc::Sender<Packet>) {
        self.0.iter().for_each(|route| route.inbox.release(socket));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_used_by_one_socket_at_a_time() {
        let mut routes = Routes::default();
        let mut link = routes.add();
        let ((one, mut packets), (other, _other)) = (Routes::socket(), Routes::socket());
        assert_eq!(routes.send(&one, link.address, b"a"), Sent::Taken);
        assert_eq!(routes.send(&other, link.address, b"b"), Sent::Occupied);
        assert_eq!(routes.send(&one, "192.0.2.1:3478".parse().unwrap(), b"c"), Sent::Elsewhere);
        link.inbox.deliver((link.address, Bytes::from_static(b"d")));
        assert_eq!(packets.try_recv().unwrap(), (link.address, Bytes::from_static(b"d")));
        routes.release(&other);
        assert_eq!(routes.send(&other, link.address, b"e"), Sent::Occupied);
        routes.release(&one);
        assert_eq!(routes.send(&other, link.address, b"f"), Sent::Taken);
        assert_eq!(
            (link.outgoing.try_recv().unwrap(), link.outgoing.try_recv().unwrap()),
            ("a".into(), "f".into())
        );
    }

    #[test]
    fn what_there_is_no_room_for_is_lost() {
        let mut routes = Routes::default();
        let (first, second) = (routes.add(), routes.add());
        assert_ne!(first.address, second.address);
        let (socket, packets) = Routes::socket();
        for _ in 0..2 * LINK_QUEUE {
            assert_eq!(routes.send(&socket, first.address, b"x"), Sent::Taken);
        }
        assert_eq!((first.outgoing.len(), second.outgoing.len()), (LINK_QUEUE, 0));
        for _ in 0..2 * SOCKET_QUEUE {
            first.inbox.deliver((first.address, Bytes::new()));
        }
        assert_eq!(packets.len(), SOCKET_QUEUE);
    }
}
