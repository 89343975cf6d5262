package ai.rtvi.client

import java.io.File
import java.io.IOException
import kotlin.io.encoding.Base64
import kotlin.io.encoding.ExperimentalEncodingApi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/**
 * Sends a file from memory, such as a photo, with a text; needs a bot of protocol 2.2.0.
 *
 * ```
 * client.sendFile(jpeg, "image/jpeg", content = "What is this?")
 * ```
 *
 * It travels inside the message, a third larger: the transport's largest message limits it, and a larger
 * one fails as [ErrorKind.MESSAGE_TOO_LARGE].
 *
 * @param custom options of the bot's LLM service.
 */
public suspend fun PipecatClient.sendFile(
    data: ByteArray,
    mimeType: String,
    name: String? = null,
    content: String = "",
    options: SendTextOptions = SendTextOptions(),
    custom: Value? = null,
) {
    // Java's own needs Android 8.
    @OptIn(ExperimentalEncodingApi::class)
    val source = Value.Object("type" to Value.Str("bytes"), "bytes" to Value.Str(Base64.encode(data)))
    sendFile(fileMessage(source, mimeType, name, content, options, custom))
}

/**
 * Reads a file and sends it from memory, under its own name unless you give one. Fails as
 * [ErrorKind.INVALID_ARGUMENT] if it can't be read.
 */
public suspend fun PipecatClient.sendFile(
    file: File,
    mimeType: String,
    name: String? = null,
    content: String = "",
    options: SendTextOptions = SendTextOptions(),
    custom: Value? = null,
) {
    val data = withContext(Dispatchers.IO) {
        try {
            file.readBytes()
        } catch (failed: IOException) {
            throw RtviException(ErrorKind.INVALID_ARGUMENT, "${file.name} can't be read: ${failed.message}")
        }
    }
    sendFile(data, mimeType, name ?: file.name, content, options, custom)
}

/**
 * Sends the URL of a file (`http`, `https`, `s3`, `gs`, or `pipecat` from an upload to the bot), which the
 * bot or its LLM service reads.
 */
public suspend fun PipecatClient.sendFileUrl(
    url: String,
    mimeType: String,
    name: String? = null,
    content: String = "",
    options: SendTextOptions = SendTextOptions(),
    custom: Value? = null,
) {
    val source = Value.Object("type" to Value.Str("url"), "url" to Value.Str(url))
    sendFile(fileMessage(source, mimeType, name, content, options, custom))
}

/** The data of the message `send-file`. */
private fun fileMessage(
    source: Value,
    mimeType: String,
    name: String?,
    content: String,
    options: SendTextOptions,
    custom: Value?,
): Value {
    val file = members("format" to Value.Str(mimeType), "name" to name?.let(Value::Str), "source" to source)
    val chosen = members(
        "run_immediately" to options.runImmediately?.let(Value::Bool),
        "audio_response" to options.audioResponse?.let(Value::Bool),
        "custom_options" to custom,
    )
    return members("content" to Value.Str(content), "file" to file, "options" to chosen.takeIf { it.value.isNotEmpty() })
}

private fun members(vararg members: Pair<String, Value?>) =
    Value.Object(members.mapNotNull { (name, value) -> value?.let { name to it } }.toMap())
