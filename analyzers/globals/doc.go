// Package globals defines an analyzer that tells which package-level variables change after initialisation.
package globals
