package ai.rtvi.client

import java.math.BigDecimal
import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.KSerializer
import kotlinx.serialization.Serializable
import kotlinx.serialization.SerializationException
import kotlinx.serialization.descriptors.SerialDescriptor
import kotlinx.serialization.encoding.Decoder
import kotlinx.serialization.encoding.Encoder
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonDecoder
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonEncoder
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.JsonUnquotedLiteral
import kotlinx.serialization.json.decodeFromJsonElement
import kotlinx.serialization.json.encodeToJsonElement

/**
 * Any JSON value.
 *
 * Immutable. Integers keep every digit here. Sending to the bot keeps integers of 64 bits; larger
 * ones become the nearest floating-point number. Where a parameter is a `Value?`, `null` means
 * "nothing at all" and [Value.Null] is JSON's null.
 */
@Serializable(with = ValueSerializer::class)
public sealed interface Value {
    /** JSON's null. */
    public data object Null : Value

    /**
     * True or false.
     *
     * @property value which of them.
     */
    public data class Bool(public val value: Boolean) : Value

    /**
     * A text.
     *
     * @property value its characters.
     */
    public data class Str(public val value: String) : Value

    /**
     * A list.
     *
     * @property value its items.
     */
    public data class Array(public val value: List<Value>) : Value {
        public constructor(vararg items: Value) : this(items.asList())
    }

    /**
     * Members by name, in the order they came.
     *
     * @property value the members.
     */
    public data class Object(public val value: Map<String, Value>) : Value {
        public constructor(vararg members: Pair<String, Value>) : this(linkedMapOf(*members))
    }

    /** A number. Numbers with the same value are equal: `1` equals `1.0`. */
    public class Number private constructor(private val literal: String) : Value {
        public constructor(value: Long) : this(value.toString())
        public constructor(value: Int) : this(value.toString())

        /**
         * @throws IllegalArgumentException for values that JSON cannot represent: infinities and
         *   NaN.
         */
        public constructor(value: Double) : this(value.also { require(it.isFinite()) { "no JSON number: $it" } }.toString())

        /** @throws IllegalArgumentException never; JSON can represent every decimal number. */
        public constructor(value: BigDecimal) : this(value.toString())

        /** The nearest floating-point number. */
        override val double: Double get() = literal.toDouble()

        /** The exact value. */
        public val decimal: BigDecimal get() = BigDecimal(literal)

        /** The exact value as an integer; `null` if it is not an integer or does not fit. */
        override val long: Long? get() = literal.toLongOrNull() ?: runCatching { decimal.longValueExact() }.getOrNull()

        override fun equals(other: Any?): Boolean =
            other is Number && (literal == other.literal || decimal.compareTo(other.decimal) == 0)

        override fun hashCode(): Int = double.hashCode()

        override fun toString(): String = literal

        internal companion object {
            internal fun ofLiteral(literal: String) = Number(literal)
        }
    }

    /** The member of an object; `null` if there is none or this is not an object. */
    public operator fun get(name: String): Value? = (this as? Object)?.value?.get(name)

    /** The element of a list; `null` if there is none or this is not a list. */
    public operator fun get(index: Int): Value? = (this as? Array)?.value?.getOrNull(index)

    /** The text, if it is one. */
    public val string: String? get() = (this as? Str)?.value

    /** The Boolean, if it is one. */
    public val boolean: Boolean? get() = (this as? Bool)?.value

    /** The number as an exact integer, if it is one. */
    public val long: Long? get() = null

    /** The number, if it is one. */
    public val double: Double? get() = null

    /** The JSON text. */
    public fun toJson(): String = toJsonElement().toString()

    public companion object {
        /** Reads JSON text. @throws SerializationException if the text is not JSON. */
        public fun parse(json: String): Value = Json.parseToJsonElement(json).toValue()

        /** Encodes any serializable object as a value. */
        public inline fun <reified T> encode(from: T): Value = Json.encodeToJsonElement(from).toValue()
    }
}

/** Decodes this value as a serializable type. @throws SerializationException if it does not fit. */
public inline fun <reified T> Value.decode(): T = LENIENT.decodeFromJsonElement(toJsonElement())

/** Converts this value to the form that kotlinx.serialization uses. */
@OptIn(ExperimentalSerializationApi::class)
public fun Value.toJsonElement(): JsonElement = when (this) {
    Value.Null -> JsonNull
    is Value.Bool -> JsonPrimitive(value)
    is Value.Str -> JsonPrimitive(value)
    is Value.Number -> JsonUnquotedLiteral(toString())
    is Value.Array -> JsonArray(value.map(Value::toJsonElement))
    is Value.Object -> JsonObject(value.mapValues { it.value.toJsonElement() })
}

/** Converts kotlinx.serialization's form to a value. */
public fun JsonElement.toValue(): Value = when (this) {
    is JsonObject -> Value.Object(mapValues { it.value.toValue() })
    is JsonArray -> Value.Array(map(JsonElement::toValue))
    JsonNull -> Value.Null
    is JsonPrimitive -> when {
        isString -> Value.Str(content)
        content == "true" || content == "false" -> Value.Bool(content == "true")
        else -> numberOf(content)
    }
}

private fun numberOf(literal: String): Value {
    literal.toBigDecimalOrNull() ?: throw SerializationException("no JSON value: $literal")
    return Value.Number.ofLiteral(literal)
}

/**
 * How data from the wire is read: unknown members are skipped, and null means the default of a
 * member that has one.
 */
@PublishedApi
internal val LENIENT: Json = Json {
    ignoreUnknownKeys = true
    coerceInputValues = true
}

/** Lets serializable classes hold a [Value]; for JSON only. */
public object ValueSerializer : KSerializer<Value> {
    /** What kotlinx.serialization knows of a [Value]. */
    override val descriptor: SerialDescriptor = SerialDescriptor("ai.rtvi.client.Value", JsonElement.serializer().descriptor)

    /** Writes a value as JSON. */
    override fun serialize(encoder: Encoder, value: Value) {
        val json = encoder as? JsonEncoder ?: throw SerializationException("a Value can only be written as JSON")
        json.encodeJsonElement(value.toJsonElement())
    }

    /** Reads any JSON. */
    override fun deserialize(decoder: Decoder): Value {
        val json = decoder as? JsonDecoder ?: throw SerializationException("a Value can only be read from JSON")
        return json.decodeJsonElement().toValue()
    }
}
