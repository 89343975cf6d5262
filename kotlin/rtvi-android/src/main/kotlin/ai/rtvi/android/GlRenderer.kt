package ai.rtvi.android

import android.graphics.SurfaceTexture
import android.opengl.EGL14
import android.opengl.EGLConfig
import android.opengl.EGLContext
import android.opengl.EGLDisplay
import android.opengl.EGLExt
import android.opengl.EGLSurface
import android.os.Handler
import android.os.Looper
import android.view.Surface

/** `EGL_RECORDABLE_ANDROID`: a surface of an encoder. */
private const val RECORDABLE = 0x3142

/** Draws with OpenGL ES 2. The thread must have a looper. */
internal class GlRenderer(onPicture: () -> Unit) : PictureRenderer {
    private val display: EGLDisplay = EGL14.eglGetDisplay(EGL14.EGL_DEFAULT_DISPLAY)
    private val config: EGLConfig
    private val context: EGLContext
    private val idle: EGLSurface
    private val outputs = HashMap<Surface, EGLSurface>()
    private val program: GlProgram
    private val texture: SurfaceTexture
    override val input: Surface

    init {
        check(EGL14.eglInitialize(display, IntArray(1), 0, IntArray(1), 0)) { "EGL can't be initialised" }
        config = choose()
        val version = intArrayOf(EGL14.EGL_CONTEXT_CLIENT_VERSION, 2, EGL14.EGL_NONE)
        context = EGL14.eglCreateContext(display, config, EGL14.EGL_NO_CONTEXT, version, 0)
        val small = intArrayOf(EGL14.EGL_WIDTH, 1, EGL14.EGL_HEIGHT, 1, EGL14.EGL_NONE)
        idle = EGL14.eglCreatePbufferSurface(display, config, small, 0)
        use(idle)
        program = GlProgram()
        texture = SurfaceTexture(program.texture)
        texture.setOnFrameAvailableListener({ onPicture() }, Handler(checkNotNull(Looper.myLooper())))
        input = Surface(texture)
    }

    private fun choose(): EGLConfig {
        val wanted = intArrayOf(
            EGL14.EGL_RED_SIZE, 8,
            EGL14.EGL_GREEN_SIZE, 8,
            EGL14.EGL_BLUE_SIZE, 8,
            EGL14.EGL_RENDERABLE_TYPE, EGL14.EGL_OPENGL_ES2_BIT,
            EGL14.EGL_SURFACE_TYPE, EGL14.EGL_WINDOW_BIT or EGL14.EGL_PBUFFER_BIT,
            RECORDABLE, 1,
            EGL14.EGL_NONE,
        )
        val found = arrayOfNulls<EGLConfig>(1)
        EGL14.eglChooseConfig(display, wanted, 0, found, 0, 1, IntArray(1), 0)
        return checkNotNull(found[0]) { "EGL has no configuration for video" }
    }

    private fun use(surface: EGLSurface) {
        check(EGL14.eglMakeCurrent(display, surface, surface, context)) { "EGL can't use the surface: ${EGL14.eglGetError()}" }
    }

    override fun resize(size: PictureSize) = texture.setDefaultBufferSize(size.width, size.height)

    override fun takeNewest() {
        use(idle)
        texture.updateTexImage()
    }

    override fun draw(output: Surface, turn: PictureTurn, timeNanos: Long) {
        val surface = outputs.getOrPut(output) {
            EGL14.eglCreateWindowSurface(display, config, output, intArrayOf(EGL14.EGL_NONE), 0)
        }
        use(surface)
        val matrix = FloatArray(16).also(texture::getTransformMatrix)
        program.draw(PictureSize(side(surface, EGL14.EGL_WIDTH), side(surface, EGL14.EGL_HEIGHT)), turn, matrix)
        EGLExt.eglPresentationTimeANDROID(display, surface, timeNanos)
        EGL14.eglSwapBuffers(display, surface)
    }

    private fun side(surface: EGLSurface, which: Int) =
        IntArray(1).also { EGL14.eglQuerySurface(display, surface, which, it, 0) }[0]

    override fun forget(output: Surface) {
        val surface = outputs.remove(output) ?: return
        use(idle)
        EGL14.eglDestroySurface(display, surface)
    }

    override fun release() {
        outputs.keys.toList().forEach(::forget)
        input.release()
        texture.release()
        EGL14.eglMakeCurrent(display, EGL14.EGL_NO_SURFACE, EGL14.EGL_NO_SURFACE, EGL14.EGL_NO_CONTEXT)
        EGL14.eglDestroySurface(display, idle)
        EGL14.eglDestroyContext(display, context)
        EGL14.eglReleaseThread()
    }
}
