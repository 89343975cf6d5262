package ai.rtvi.client;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import kotlin.coroutines.Continuation;
import org.junit.jupiter.api.Test;

/** A class in Java implements only what the SDK's interfaces have no default for. */
class JavaTest {
    @Test
    void aDisplayNeedsNoKeyFrame() {
        VideoDisplay display = new VideoDisplay() {
            @Override
            public List<VideoCodec> getCodecs() {
                return List.of(VideoCodec.H264);
            }

            @Override
            public void write(EncodedVideoFrame frame) {}

            @Override
            public void stop() {}
        };
        assertFalse(display.needsKeyFrame());
    }

    @Test
    void aSourceOfVideoHasNothingToSelect() {
        VideoInputControl control = new VideoInputControl() {
            @Override
            public void start(VideoFormat wanted) {}

            @Override
            public void setTarget(VideoTarget target) {}

            @Override
            public void requestKeyFrame() {}

            @Override
            public void stop() {}
        };
        assertDoesNotThrow(() -> control.select("another"));
    }

    @Test
    void aTransportLimitsNoMessages() {
        CustomTransport transport = new CustomTransport() {
            @Override
            public Object run(TransportConnection connection, Continuation<? super ConnectionEnd> continuation) {
                return ConnectionEnd.Requested.INSTANCE;
            }
        };
        assertNull(transport.getCapabilities().getMaxMessageSize());
    }
}
