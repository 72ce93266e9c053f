/** Carries requests to models and brings answers back, by HTTP and by programs. */
@NullMarked
package dev.belay.llm.transport;

import org.jspecify.annotations.NullMarked;
