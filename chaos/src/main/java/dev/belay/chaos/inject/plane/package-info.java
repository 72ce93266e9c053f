/** The data plane: proxies that stand in front of services and let the faults happen. */
@NullMarked
package dev.belay.chaos.inject.plane;

import org.jspecify.annotations.NullMarked;
