/** Who may write which files: locks on paths and globs, within one process. */
@NullMarked
package dev.belay.flow.lock;

import org.jspecify.annotations.NullMarked;
