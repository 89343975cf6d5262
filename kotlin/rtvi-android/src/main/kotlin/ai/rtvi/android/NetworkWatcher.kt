package ai.rtvi.android

import ai.rtvi.client.PipecatClient
import ai.rtvi.client.RtviException
import android.content.Context
import android.net.ConnectivityManager
import android.net.Network
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch

/**
 * Tells a client when the device has moved to another network, until the watcher is closed. A call
 * then continues at once.
 *
 * Needs the permission `ACCESS_NETWORK_STATE`, which this library's manifest requests.
 */
public class NetworkWatcher(context: Context, private val client: PipecatClient) : AutoCloseable {
    private val manager = context.applicationContext.getSystemService(ConnectivityManager::class.java)
    private val scope = CoroutineScope(Dispatchers.Default)
    private val callback = object : ConnectivityManager.NetworkCallback() {
        // The first notification is about the current network. All arrive on one thread.
        private var current: Network? = null

        override fun onAvailable(network: Network) {
            val hasMoved = current.let { it != null && it != network }
            current = network
            if (hasMoved) scope.launch { tell() }
        }
    }

    init {
        manager.registerDefaultNetworkCallback(callback)
    }

    private suspend fun tell() {
        try {
            client.networkChanged()
        } catch (_: RtviException) {
            // A closed client has nothing to restore.
        }
    }

    /** Stops watching. */
    override fun close() {
        manager.unregisterNetworkCallback(callback)
        scope.cancel()
    }
}
