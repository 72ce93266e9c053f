/** {@code belay policy}: what retry policies mean, and what they would come to. */
@NullMarked
package dev.belay.server.cli.policy;

import org.jspecify.annotations.NullMarked;
