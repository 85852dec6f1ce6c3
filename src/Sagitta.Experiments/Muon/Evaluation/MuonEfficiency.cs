namespace Sagitta.Experiments.Muon.Evaluation;

/// <summary>
/// Which muons the methods found at one flux, in a number of events that decides differences of a ten-thousandth. Found means a fit that
/// converged within 5 limits, as everywhere.
/// </summary>
/// <param name="Name">Name in tables: that of the test sample whose muons or recipe these are.</param>
/// <param name="Background">Flux in kHz/cm2.</param>
/// <param name="Methods">One a method and seed.</param>
internal sealed record MuonEfficiency(string Name, double Background, IReadOnlyList<MuonEfficiency.Found> Methods)
{
    /// <summary>Times that each muon was seen, in other background: events of one muon lie <see cref="Attempted"/> / Overlays
    /// apart.</summary>
    public int Overlays { get; init; } = 1;

    /// <summary>Attempted events, all with a muon.</summary>
    public int Attempted => Methods[0].Flags.Length;

    /// <summary>The results of one method in order of seed.</summary>
    public IReadOnlyList<Found> Of(string method) =>
        [.. Methods.Where(m => string.Equals(m.Method, method, StringComparison.Ordinal)).OrderBy(m => m.Seed)];

    /// <summary>
    /// First minus second in efficiency, over seeds on the same events; a method without seeds is the same for each seed of the other. The
    /// interval is that of independent muons, of which each is one observation however often it was seen.
    /// </summary>
    public PairedDifference Difference(string first, string second) =>
        PairedDifference.OfShares([.. MuonSeeds.Pairs(Of(first), Of(second), m => m.Seed).Select(p => (p.A.Flags, p.B.Flags))], Overlays);

    /// <summary>What one method found.</summary>
    /// <param name="Method">Its name.</param>
    /// <param name="Seed">Seed of the network; 0 for methods without one.</param>
    /// <param name="Flags">For each event 1 where the muon was found, else 0.</param>
    public sealed record Found(string Method, ulong Seed, byte[] Flags)
    {
        /// <summary>Share of the muons found.</summary>
        public double Share => Flags.Average(f => (double)f);
    }
}
