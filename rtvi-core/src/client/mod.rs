//! The client: state machine, requests, events and the handle that apps use.
