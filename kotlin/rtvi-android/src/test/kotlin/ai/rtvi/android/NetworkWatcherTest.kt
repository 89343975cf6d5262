package ai.rtvi.android

import ai.rtvi.client.PipecatClient
import android.net.ConnectivityManager
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.shadows.ShadowNetwork

/** A device that moves to another network during a call. */
@RunWith(RobolectricTestRunner::class)
class NetworkWatcherTest {
    private val system = shadowOf(service<ConnectivityManager>())

    private fun isOn(network: Int) = system.networkCallbacks.forEach { it.onAvailable(ShadowNetwork.newInstance(network)) }

    @Test
    fun onlyAMoveIsTold() = test {
        val bot = EchoBot()
        PipecatClient(bot).use { client ->
            client.connect()
            NetworkWatcher(app, client).use {
                assertEquals(1, system.networkCallbacks.size)
                // The one that is there, once more, and another.
                listOf(1, 1, 2).forEach(::isOn)
                whileMainRuns { bot.moves.get() > 0 }
                isOn(3)
                whileMainRuns { bot.moves.get() > 1 }
                assertEquals(2, bot.moves.get())
            }
            assertTrue(system.networkCallbacks.isEmpty())
        }
    }

    @Test
    fun aClosedClientHasNothingToRestore() {
        val client = PipecatClient(EchoBot())
        NetworkWatcher(app, client).use {
            client.close()
            listOf(1, 2).forEach(::isOn)
        }
    }
}
