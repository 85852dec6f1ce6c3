namespace Sagitta.Tracking.Design;

/// <summary>What another number of planes costs: nothing, or each plane becomes coarser or thinner.</summary>
internal enum PlaneBudget
{
    /// <summary>More planes cost more.</summary>
    None,

    /// <summary>All planes have so many strips together: more planes have wider ones.</summary>
    Strips,

    /// <summary>All planes have so much material around their gaps together.</summary>
    Material,
}

/// <summary>Detectors with another number of planes.</summary>
internal static class PlaneCopies
{
    /// <summary>The detector with that many copies of its first free plane, evenly spread over its range, instead of all free
    /// ones.</summary>
    public static Detector Of(Detector detector, int count, PlaneBudget budget)
    {
        int old = detector.Planes.Count(plane => plane.Between is not null);
        Plane first = detector.Planes.First(plane => plane.Between is not null);
        (double low, double high) = first.Between!.Value;
        double more = (double)count / old;
        Plane copy = first with { Name = "", StripPitch = first.StripPitch * (budget == PlaneBudget.Strips ? more : 1) };
        if (budget == PlaneBudget.Material)
        {
            IReadOnlyList<Slab> Thinner(IReadOnlyList<Slab> slabs) =>
                [.. slabs.Select(slab => slab with { Thickness = slab.Thickness / more })];
            double gap = first.GapThickness / detector.GasOf(first).RadiationLength;
            copy = copy with
            {
                Before = Thinner(first.Before),
                After = Thinner(first.After),
                RadiationLengths = gap + ((first.RadiationLengths - gap) / more),
            };
        }

        Material gas = detector.GasOf(first);
        double coarser = PlaneResolution.Expected(copy, gas) / PlaneResolution.Expected(first, gas);
        IEnumerable<Plane> copies = Enumerable.Range(0, count).Select(i =>
            copy with { Z = low + ((high - low) * i / Math.Max(1, count - 1)) });
        return detector with
        {
            StatedResolution = detector.StatedResolution * coarser,
            Planes = [.. detector.Planes.Where(plane => plane.Between is null).Concat(copies).OrderBy(plane => plane.Z)],
        };
    }
}
