package ai.rtvi.android

import android.view.Surface

/**
 * Video that a [VideoView] shows: the bot's ([AndroidDisplay.track]) or the user's own
 * ([AndroidCamera.track]). One view shows it at a time: the last one that took it.
 */
public class VideoTrack internal constructor(private val shows: ShowsVideo) {
    /** Shows the video on this surface from now on; `onSize` learns its size on another thread. */
    internal fun show(surface: Surface, onSize: (PictureSize) -> Unit) = shows.show(surface, onSize)

    /** Stops that; calls `done`, on any thread, when nothing uses the surface any more. */
    internal fun hide(surface: Surface, done: () -> Unit) = shows.hide(surface, done)
}

/** What is behind a track. */
internal interface ShowsVideo {
    fun show(surface: Surface, onSize: (PictureSize) -> Unit)

    fun hide(surface: Surface, done: () -> Unit)
}
