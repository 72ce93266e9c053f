/** What a session came to, for people and for programs. */
@NullMarked
package dev.belay.chaos.report;

import org.jspecify.annotations.NullMarked;
