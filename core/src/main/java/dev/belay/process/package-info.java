/**
 * Other programs: started in a group of their own, ended with all that they have started, and swept
 * up when whoever started them died without doing so.
 */
@NullMarked
package dev.belay.process;

import org.jspecify.annotations.NullMarked;
