namespace Sagitta.Experiments.Validation;

/// <summary>Muons of similar momentum, whose deflections are compared plane by plane.</summary>
/// <param name="Low">Lower bound of pT, GeV.</param>
/// <param name="High">Upper bound of pT, GeV.</param>
internal readonly record struct MomentumGroup(double Low, double High)
{
    /// <summary>Borders that lie between the usual fixed momenta 5, 10, 30 and 100 GeV.</summary>
    public static IReadOnlyList<MomentumGroup> Standard { get; } = [
        new(0, 7.5), new(7.5, 20), new(20, 60), new(60, double.PositiveInfinity)];

    /// <summary>Which of the standard groups a pT in GeV belongs to.</summary>
    public static int Of(double pt)
    {
        for (int i = 0; i < Standard.Count - 1; i++)
        {
            if (pt < Standard[i].High)
            {
                return i;
            }
        }

        return Standard.Count - 1;
    }
}
