package ai.rtvi.compose

import ai.rtvi.android.VideoTrack
import ai.rtvi.android.VideoView
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.viewinterop.AndroidView

/**
 * Shows a track of video: the bot's or the user's own.
 *
 * @param track the video, `null` for none.
 * @param videoScaleMode how a picture of other proportions is shown.
 * @param mirrorHorizontally whether left and right change places, as people expect of their own
 *   front camera.
 * @param bringVideoToFront whether it is drawn above others that share its parent.
 */
@Composable
public fun PipecatVideo(
    track: VideoTrack?,
    modifier: Modifier = Modifier,
    videoScaleMode: VideoView.VideoScaleMode = VideoView.VideoScaleMode.FIT,
    mirrorHorizontally: Boolean = false,
    bringVideoToFront: Boolean = false,
) {
    AndroidView(
        factory = { context -> VideoView(context) },
        modifier = modifier,
        onRelease = { view -> view.track = null },
        update = { view ->
            view.track = track
            view.videoScaleMode = videoScaleMode
            view.mirrorHorizontally = mirrorHorizontally
            view.bringVideoToFront = bringVideoToFront
        },
    )
}
