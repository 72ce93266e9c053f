/** Makes one decision of many scores. Pure: knows nothing of answers and validators. */
@NullMarked
package dev.belay.llm.check.score;

import org.jspecify.annotations.NullMarked;
