package ai.rtvi.android

import android.view.Surface

/**
 * Draws the pictures of a camera or a screen on the surfaces of encoders and views: turned, mirrored
 * and scaled by the graphics processor. Used on one thread.
 */
internal interface PictureRenderer {
    /** Where the camera or the screen puts its pictures. */
    val input: Surface

    /** The size of the pictures from now on. */
    fun resize(size: PictureSize)

    /** Takes the newest picture; the older ones are gone. */
    fun takeNewest()

    /** Draws the picture that was taken so that it fills the surface. */
    fun draw(output: Surface, turn: PictureTurn, timeNanos: Long)

    /** Nothing is drawn on this surface any more. */
    fun forget(output: Surface)

    fun release()
}

/** Creates renderers. `onPicture` is called, on the thread that creates the renderer, for each new picture. */
internal fun interface PictureRenderers {
    fun create(onPicture: () -> Unit): PictureRenderer
}
