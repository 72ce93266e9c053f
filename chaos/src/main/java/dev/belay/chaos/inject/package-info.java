/**
 * Faults in force: the document that describes them, which request each of them means, and who
 * keeps them until they are over.
 */
@NullMarked
package dev.belay.chaos.inject;

import org.jspecify.annotations.NullMarked;
