namespace Sagitta.Physics.Digitisation;

/// <summary>Digitises whole sets of deposits.</summary>
internal static class DepositDigitisation
{
    /// <summary>
    /// Digitises the events of a set. An event depends on seed and its number alone, whichever others are in the set.
    /// </summary>
    /// <param name="detector">The detector that the deposits are of.</param>
    /// <param name="deposits">Deposits, before event shift and background.</param>
    /// <param name="options">Background, shift, smearing.</param>
    /// <param name="seed">Seed of shift, phases, road, background and digitiser.</param>
    /// <param name="source">What to name as the source of the events.</param>
    /// <param name="workers">Threads to share the events out to; the result does not depend on them.</param>
    /// <param name="part">Which of the set's events; null for all.</param>
    public static EventSet Digitise(Detector detector, DepositSet deposits, DigitisationOptions options, ulong seed,
        string source = "geant4", WorkerThreads? workers = null, Range? part = null)
    {
        (int begin, int count) = (part ?? Range.All).GetOffsetAndLength(deposits.Count);
        RandomKey root = RandomKey.FromSeed(seed);
        Digitiser[] digitisers = [.. Enumerable.Range(0, workers?.Count ?? 1).Select(_ => new Digitiser(detector, options))];
        EventSetBuilder[] pieces = [.. Enumerable.Range(0, workers is null ? 1 : digitisers.Length * 4)
            .Select(_ => new EventSetBuilder(detector.Planes.Count, detector.StationCount))];
        void Work(int piece, int worker)
        {
            int end = begin + (int)((piece + 1L) * count / pieces.Length);
            for (int i = begin + (int)((long)piece * count / pieces.Length); i < end; i++)
            {
                digitisers[worker].Digitise(deposits, i, root, pieces[piece]);
            }
        }

        if (workers is null)
        {
            Work(0, 0);
        }
        else
        {
            workers.Run(pieces.Length, Work);
        }

        foreach (EventSetBuilder piece in pieces.AsSpan(1))
        {
            pieces[0].Append(piece);
        }

        return pieces[0].Build(detector, source, FluxOf(options), options.Smear);
    }

    internal static double FluxOf(DigitisationOptions options) =>
        options.Smear > 0 ? 0 : options.Background.KHzPerCm2.Count == 1 ? options.Background.KHzPerCm2[0] : double.NaN;
}
