/** A page cannot know the time of its thread. */
export const jsThreadTime = () => NaN
