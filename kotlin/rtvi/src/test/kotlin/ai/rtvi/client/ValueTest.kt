package ai.rtvi.client

import kotlinx.serialization.Serializable
import kotlinx.serialization.SerializationException
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** Values, and that names agree with the core's. */
class ValueTest {
    @Serializable
    private data class Order(val id: Long, val items: List<String>, val extra: Value? = null)

    @Test
    fun textsComeBackAsTheyWere() {
        val texts = listOf(
            "null", "true", "\"a \\\"b\\\" ü\"", "[]", "{}", "18446744073709551615", "-9007199254740993", "0.5", "1e300",
            """{"b":[1,null,{"c":false}],"a":""}""",
        )
        for (text in texts) assertEquals(text, Value.parse(text).toJson())
        for (text in listOf("", "{", "nul", "[1,]", "01x", "NaN")) assertThrows<SerializationException> { Value.parse(text) }
    }

    @Test
    fun numbersAreEqualByValue() {
        assertEquals(Value.Number(1), Value.parse("1.0"))
        assertEquals(Value.Number(1).hashCode(), Value.parse("1.0").hashCode())
        assertNotEquals(Value.parse("9007199254740993"), Value.parse("9007199254740992"))
        assertEquals(9007199254740993, Value.parse("9007199254740993").long)
        assertNull(Value.parse("18446744073709551615").long)
        assertNull(Value.parse("0.5").long)
        assertThrows<IllegalArgumentException> { Value.Number(Double.NaN) }
    }

    @Test
    fun serializableObjectsAreValues() {
        val order = Order(9007199254740993, listOf("tea"), Value.Object("n" to Value.Number(18)))
        val value = Value.encode(order)
        assertEquals(order, value.decode<Order>())
        assertEquals("tea", value["items"]?.get(0)?.string)
        assertNull(value["items"]?.get(1))
        assertThrows<SerializationException> { Value.Str("x").decode<Order>() }
    }

    @Test
    fun versionsAreTold() {
        assertEquals(Rtvi.version.count { it == '.' }, 2)
        assertEquals("2.2.0", Rtvi.protocol)
    }
}
