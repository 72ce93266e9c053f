/** The ways in which clients ask the gateway, and how it answers them: the providers' own. */
@NullMarked
package dev.belay.llm.front;

import org.jspecify.annotations.NullMarked;
