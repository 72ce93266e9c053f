/** Sessions: a search that runs by itself, can be watched and stopped, and survives a crash. */
@NullMarked
package dev.belay.chaos.session;

import org.jspecify.annotations.NullMarked;
