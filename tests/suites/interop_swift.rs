//! The Swift console example with a real Pipecat server.
