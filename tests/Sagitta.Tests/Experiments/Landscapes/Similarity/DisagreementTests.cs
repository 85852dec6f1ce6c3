using FsCheck;
using FsCheck.Fluent;

namespace Sagitta.Tests.Experiments.Landscapes.Similarity;

public sealed class DisagreementTests
{
    private static readonly bool[] _truth = [true, true, true, true, false, false, false, false];

    [Fact]
    public void Shared_errors_give_zero_and_separate_errors_give_one()
    {
        bool[] first = [false, false, true, true, false, false, false, false];
        bool[] inside = [false, true, true, true, false, false, false, false];
        bool[] apart = [true, true, true, true, true, false, false, false];
        Assert.Equal(0, Disagreement.Of(first, inside, _truth).Normalised, 1e-12);
        Assert.Equal(1, Disagreement.Of(first, apart, _truth).Normalised, 1e-12);
        Assert.Equal(new Disagreement(0.375, 1, 0.25, 0.125), Disagreement.Of(first, apart, _truth));
        Assert.True(double.IsNaN(Disagreement.Of(_truth, _truth, _truth).Normalised));
    }

    [Fact]
    public void The_normalised_form_lies_between_zero_and_one_and_is_symmetric() => Prop.ForAll(
        Gen.Choose(0, 1).ArrayOf(30).ToArbitrary(),
        Gen.Choose(0, 1).ArrayOf(30).ToArbitrary(),
        (a, b) =>
        {
            bool[] first = [.. a.Select(x => x == 1)], second = [.. b.Select(x => x == 1)], truth = [
                .. Enumerable.Range(0, 30).Select(i => i % 3 == 0)];
            int wrongFirst = Enumerable.Range(0, 30).Count(i => first[i] != truth[i]);
            int wrongSecond = Enumerable.Range(0, 30).Count(i => second[i] != truth[i]);
            double value = Disagreement.Of(first, second, truth).Normalised;

            // A number wherever the error rates leave room for more than one share, and none elsewhere.
            bool room = wrongFirst > 0 && wrongSecond > 0 && Math.Abs(wrongFirst - wrongSecond) < 30;
            return room
                ? value is >= -1e-12 and <= 1 + 1e-12 && value == Disagreement.Of(second, first, truth).Normalised
                : double.IsNaN(value);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_difference_of_groups_is_found_and_its_absence_too()
    {
        RandomDraws draws = RandomKey.FromSeed(1).Draws();
        double[] low = new double[12], high = new double[12], same = new double[12];
        for (int i = 0; i < 12; i++)
        {
            (low[i], high[i], same[i]) = (draws.NextGaussian(), draws.NextGaussian() + 3, draws.NextGaussian());
        }

        Assert.InRange(PermutationTest.Higher(high, low, 500, RandomKey.FromSeed(2)).P, 0, 0.01);
        Assert.InRange(PermutationTest.Higher(low, high, 500, RandomKey.FromSeed(2)).P, 0.99, 1);
        Assert.InRange(PermutationTest.Higher(same, low, 500, RandomKey.FromSeed(2)).P, 0.02, 0.999);
        Assert.True(double.IsNaN(PermutationTest.Higher([1], low, 500, RandomKey.FromSeed(2)).T));
    }
}
