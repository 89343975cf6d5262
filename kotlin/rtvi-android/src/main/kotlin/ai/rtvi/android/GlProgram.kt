package ai.rtvi.android

import android.opengl.GLES11Ext
import android.opengl.GLES20
import android.opengl.Matrix
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.nio.FloatBuffer

private const val VERTEX = """
    uniform mat4 turn;
    uniform mat4 buffer;
    attribute vec4 corner;
    attribute vec4 place;
    varying vec2 at;
    void main() {
        gl_Position = turn * corner;
        at = (buffer * place).xy;
    }
"""

private const val FRAGMENT = """
    #extension GL_OES_EGL_image_external : require
    precision mediump float;
    uniform samplerExternalOES picture;
    varying vec2 at;
    void main() {
        gl_FragColor = texture2D(picture, at);
    }
"""

/** Draws a picture of the system's camera or screen as a rectangle. Needs a current context. */
internal class GlProgram {
    /** The name of the texture that contains the picture. */
    val texture: Int = IntArray(1).also { GLES20.glGenTextures(1, it, 0) }[0]
    private val program = GLES20.glCreateProgram()
    private val corners = floats(-1f, -1f, 1f, -1f, -1f, 1f, 1f, 1f)
    private val places = floats(0f, 0f, 1f, 0f, 0f, 1f, 1f, 1f)

    init {
        GLES20.glAttachShader(program, shader(GLES20.GL_VERTEX_SHADER, VERTEX))
        GLES20.glAttachShader(program, shader(GLES20.GL_FRAGMENT_SHADER, FRAGMENT))
        GLES20.glLinkProgram(program)
        GLES20.glBindTexture(GLES11Ext.GL_TEXTURE_EXTERNAL_OES, texture)
        for (filter in listOf(GLES20.GL_TEXTURE_MIN_FILTER, GLES20.GL_TEXTURE_MAG_FILTER)) {
            GLES20.glTexParameteri(GLES11Ext.GL_TEXTURE_EXTERNAL_OES, filter, GLES20.GL_LINEAR)
        }
    }

    private fun shader(type: Int, source: String): Int {
        val shader = GLES20.glCreateShader(type)
        GLES20.glShaderSource(shader, source)
        GLES20.glCompileShader(shader)
        return shader
    }

    /** Fills a surface of this size with the picture; `buffer` is the transformation of its buffer. */
    fun draw(size: PictureSize, turn: PictureTurn, buffer: FloatArray) {
        GLES20.glViewport(0, 0, size.width, size.height)
        GLES20.glUseProgram(program)
        GLES20.glBindTexture(GLES11Ext.GL_TEXTURE_EXTERNAL_OES, texture)
        GLES20.glUniformMatrix4fv(GLES20.glGetUniformLocation(program, "turn"), 1, false, turn.matrix(), 0)
        GLES20.glUniformMatrix4fv(GLES20.glGetUniformLocation(program, "buffer"), 1, false, buffer, 0)
        attribute("corner", corners)
        attribute("place", places)
        GLES20.glDrawArrays(GLES20.GL_TRIANGLE_STRIP, 0, 4)
    }

    private fun attribute(name: String, values: FloatBuffer) {
        val index = GLES20.glGetAttribLocation(program, name)
        GLES20.glEnableVertexAttribArray(index)
        GLES20.glVertexAttribPointer(index, 2, GLES20.GL_FLOAT, false, 0, values)
    }

    private fun floats(vararg values: Float): FloatBuffer =
        ByteBuffer.allocateDirect(values.size * 4).order(ByteOrder.nativeOrder()).asFloatBuffer().apply { put(values).flip() }
}

/** The rotation of the drawn rectangle, whose y axis points up, and then the mirror. */
internal fun PictureTurn.matrix(): FloatArray {
    val matrix = FloatArray(16)
    Matrix.setIdentityM(matrix, 0)
    if (isMirrored) Matrix.scaleM(matrix, 0, -1f, 1f, 1f)
    Matrix.rotateM(matrix, 0, -degrees.toFloat(), 0f, 0f, 1f)
    return matrix
}
