// Command suite runs all tests of this repository, and says which part runs,
// what was skipped, and why. It is what the README calls.
//
//	go run ./internal/suite          our own tests, then the corpus
//	go run ./internal/suite -short   our own tests, without the long ones
//
// Input: the working directory, which is the repository's root. It runs
//
//  1. go test -json ./..., and prints a line for each package that ends, the
//     output of each test that failed, and on a terminal which packages run;
//  2. internal/corpus's command: ten real modules' own tests, plain and
//     virtualised side by side.
//
// Output: at the end the skipped tests, each with its reason (internal/testenv
// probes the machine), and one line of counts. Exit status 1 if anything
// failed.
package main
