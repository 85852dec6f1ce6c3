using Sagitta.Autodiff.Parallelism;
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
    /// <param name="workers">Threads to share the events out to; the result does not depend on them.</param>
    public static EventSet Digitise(Detector detector, DepositSet deposits, DigitisationOptions options, ulong seed, string source = "geant4", WorkerThreads? workers = null)
    {
        RandomKey root = RandomKey.FromSeed(seed);
        Digitiser[] digitisers = [.. Enumerable.Range(0, workers?.Count ?? 1).Select(_ => new Digitiser(detector, options))];
        EventSetBuilder[] parts = [.. Enumerable.Range(0, workers is null ? 1 : digitisers.Length * 4).Select(_ => new EventSetBuilder(detector.Planes.Count, detector.StationCount))];
        void Work(int part, int worker)
        {
            int end = (int)((part + 1L) * deposits.Count / parts.Length);
            for (int i = (int)((long)part * deposits.Count / parts.Length); i < end; i++)
            {
                digitisers[worker].Digitise(deposits, i, root, parts[part]);
            }
        }

        if (workers is null)
        {
            Work(0, 0);
        }
        else
        {
            workers.Run(parts.Length, Work);
        }

        foreach (EventSetBuilder part in parts.AsSpan(1))
        {
            parts[0].Append(part);
        }

        return parts[0].Build(detector.Name, source, FluxOf(options), options.Smear);
    }

    internal static double FluxOf(DigitisationOptions options) =>
        options.Smear > 0 ? 0 : options.Background.KHzPerCm2.Count == 1 ? options.Background.KHzPerCm2[0] : double.NaN;
}
