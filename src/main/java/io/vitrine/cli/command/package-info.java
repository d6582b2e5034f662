/** What commands share: how they fail, and what options of several mean. */
@NullMarked
package io.vitrine.cli.command;

import org.jspecify.annotations.NullMarked;
