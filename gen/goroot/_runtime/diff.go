package check

// vnetDiff says whether the second image's variables are compared with what they were.
const vnetDiff = true
