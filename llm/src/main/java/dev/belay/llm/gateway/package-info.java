/** A listener that speaks as the providers do, and stands for several of them. */
@NullMarked
package dev.belay.llm.gateway;

import org.jspecify.annotations.NullMarked;
