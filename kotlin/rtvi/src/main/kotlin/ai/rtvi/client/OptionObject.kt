package ai.rtvi.client

import kotlin.time.Duration

/** Options that know how the core takes them. */
internal interface OptionObject {
    /** As the core takes it: what is not as by default. */
    fun toValue(): Value.Object
}

/** An object of the members that are put into it. */
internal fun members(fill: OptionMembers.() -> Unit): Value.Object = Value.Object(OptionMembers().apply(fill).members)

/** The members of an object that grows. */
internal class OptionMembers {
    val members = mutableMapOf<String, Value>()

    fun put(name: String, value: Any?) {
        members[name] = option(value)
    }

    /** The same, unless it has its default. */
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
