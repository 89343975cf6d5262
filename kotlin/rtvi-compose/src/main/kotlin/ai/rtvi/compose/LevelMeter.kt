package ai.rtvi.compose

import ai.rtvi.client.Speaking
import androidx.compose.animation.core.animateFloatAsState
import androidx.compose.foundation.Canvas
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color

/**
 * How loud a side of the call is, as a bar from left to right. It needs a size, such as
 * `Modifier.fillMaxWidth().height(4.dp)`.
 *
 * @param speaking such as [ai.rtvi.client.CallState.bot], collected as state.
 */
@Composable
public fun LevelMeter(speaking: Speaking, modifier: Modifier, color: Color) {
    // Levels come ten times a second.
    val level by animateFloatAsState(speaking.level)
    Canvas(modifier) {
        drawRect(color, size = size.copy(width = size.width * level))
    }
}
