package runtime

// VnetTimeByClock says whether package time goes by the image's clock.
const VnetTimeByClock = true
