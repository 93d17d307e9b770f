import { testSeeds } from './support/seeds.ts'

testSeeds(101, 100)
