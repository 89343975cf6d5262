package ai.rtvi.compose

import ai.rtvi.client.Turn
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.items
import androidx.compose.foundation.lazy.rememberLazyListState
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.ui.Modifier

/**
 * A conversation, oldest turn first, which stays at its end as it grows, unless the user has scrolled up.
 *
 * @param turns such as [ai.rtvi.client.CallState.turns], collected as state.
 * @param turn shows one turn.
 */
@Composable
public fun Transcript(turns: List<Turn>, modifier: Modifier = Modifier, turn: @Composable (Turn) -> Unit) {
    val list = rememberLazyListState()
    val isAtEnd = !list.canScrollForward
    LaunchedEffect(turns) {
        if (isAtEnd && turns.isNotEmpty()) list.scrollToItem(turns.lastIndex, Int.MAX_VALUE)
    }
    LazyColumn(modifier, list) {
        items(turns, key = { it.id.toLong() }) { turn(it) }
    }
}
