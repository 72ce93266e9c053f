/** How soon proposers of the chaos room find what is to be found, and how long they think. */
@NullMarked
package dev.belay.bench.optimizer;

import org.jspecify.annotations.NullMarked;
