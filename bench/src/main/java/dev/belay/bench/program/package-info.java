/** {@code belay} as a process, for measurements that need it as it is delivered. */
@NullMarked
package dev.belay.bench.program;

import org.jspecify.annotations.NullMarked;
