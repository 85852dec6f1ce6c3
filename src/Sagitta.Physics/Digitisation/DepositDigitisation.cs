using Sagitta.Autodiff.Randomness;
using Sagitta.Physics.Deposits;
using Sagitta.Physics.Detectors;
using Sagitta.Physics.Events;

namespace Sagitta.Physics.Digitisation;

/// <summary>Digitises whole sets of deposits.</summary>
public static class DepositDigitisation
{
    /// <summary>
    /// Digitises every event of a set. An event depends on seed and its number alone, whichever others are in the set.
    /// </summary>
    /// <param name="detector">The detector that the deposits are of.</param>
    /// <param name="deposits">Deposits, before event shift and background.</param>
    /// <param name="options">Background, shift, smearing.</param>
    /// <param name="seed">Seed of shift, phases, road, background and digitiser.</param>
    /// <param name="source">What to name as the source of the events.</param>
    public static EventSet Digitise(Detector detector, DepositSet deposits, DigitisationOptions options, ulong seed, string source = "geant4")
    {
        var digitiser = new Digitiser(detector, options);
        var builder = new EventSetBuilder(detector.Planes.Count, detector.StationCount);
        RandomKey root = RandomKey.FromSeed(seed);
        for (int i = 0; i < deposits.Count; i++)
        {
            digitiser.Digitise(deposits, i, root, builder);
        }

        return builder.Build(detector.Name, source, FluxOf(options), options.Smear);
    }

    internal static double FluxOf(DigitisationOptions options) =>
        options.Smear > 0 ? 0 : options.Background.KHzPerCm2.Count == 1 ? options.Background.KHzPerCm2[0] : double.NaN;
}
