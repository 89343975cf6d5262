package ai.rtvi.client

import kotlin.time.Duration

/** Options that convert themselves to the core's form. */
internal interface OptionObject {
    /** The core's form: only values that differ from their defaults. */
    fun toValue(): Value.Object
}

/** An object with the members that `fill` adds. */
internal fun members(fill: OptionMembers.() -> Unit): Value.Object = Value.Object(OptionMembers().apply(fill).members)

/** Builds the members of an object. */
internal class OptionMembers {
    val members = mutableMapOf<String, Value>()

    fun put(name: String, value: Any?) {
        members[name] = option(value)
    }

    /** Adds the member unless it equals its default. */
    fun put(name: String, value: Any?, default: Any?) {
        if (value != default) put(name, value)
    }
}

private fun option(value: Any?): Value = when (value) {
    null -> Value.Null
    is Value -> value
    is OptionObject -> value.toValue()
    is Boolean -> Value.Bool(value)
    is Int -> Value.Number(value.coerceAtLeast(0))
    is Float -> Value.Number(value.toDouble())
    is String -> Value.Str(value)
    is Duration -> Value.Number(value.millis()!!.toLong())
    is List<*> -> Value.Array(value.map(::option))
    else -> error("no option is a ${value::class}")
}
