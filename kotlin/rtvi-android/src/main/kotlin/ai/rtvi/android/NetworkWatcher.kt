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
 * Tells a client when the device has moved to another network, until it is closed: a call then goes on at once.
 *
 * Needs the permission `ACCESS_NETWORK_STATE`, which this library's manifest asks for.
 */
public class NetworkWatcher(context: Context, private val client: PipecatClient) : AutoCloseable {
    private val manager = context.applicationContext.getSystemService(ConnectivityManager::class.java)
    private val scope = CoroutineScope(Dispatchers.Default)
    private val callback = object : ConnectivityManager.NetworkCallback() {
        // The first to be told is the one that is there already. Told on one thread.
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
            // A client that was closed has nothing to restore.
        }
    }

    override fun close() {
        manager.unregisterNetworkCallback(callback)
        scope.cancel()
    }
}
