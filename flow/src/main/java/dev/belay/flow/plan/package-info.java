/** Plans as people write them: YAML with every problem told at once, by line. */
@NullMarked
package dev.belay.flow.plan;

import org.jspecify.annotations.NullMarked;
