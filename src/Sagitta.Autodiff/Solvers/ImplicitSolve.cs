using System.Reflection;
using System.Runtime.InteropServices;

namespace Sagitta.Autodiff.Solvers;

/// <summary>
/// A solver's answer as a differentiable operation. Problem, solver and adjoint are independent: any solver that reaches the
/// solution may be paired with any adjoint of the problem, because the gradient depends on where the solver ended and not on how it got
/// there.
/// </summary>
/// <remarks>
/// Build it once and apply it every step. Failed items have a status, a finite value and no gradient.
/// </remarks>
internal sealed class ImplicitSolve<TProblem>
    where TProblem : struct, IImplicitProblem
{
    private readonly IImplicitSolver<TProblem> _solver;
    private readonly IImplicitAdjoint<TProblem> _adjoint;

    /// <summary>Pairs a solver with an adjoint. Throws when the problem's type keeps a tensor in a field.</summary>
    public ImplicitSolve(IImplicitSolver<TProblem> solver, IImplicitAdjoint<TProblem> adjoint)
    {
        if (CapturedTensor(typeof(TProblem)) is { } field)
        {
            throw new InvalidOperationException(
                $"The problem {typeof(TProblem).Name} keeps a tensor in '{field}': its gradient would silently be lost. Pass the tensor "
                    + $"to Apply among the inputs and read it from {nameof(ProblemInputs)}.");
        }

        _solver = solver;
        _adjoint = adjoint;
    }

    /// <summary>
    /// Solves all items and records the step. All inputs must be on one tape. The problem's own data must stay as they are until the
    /// backward pass is over.
    /// </summary>
    public ImplicitSolution Apply(scoped in TProblem problem, params scoped ReadOnlySpan<Tensor<double>> inputs)
    {
        if (inputs.IsEmpty)
        {
            throw new ArgumentException(
                "A problem without inputs has nothing to be differentiated with respect to: pass at least one tensor.", nameof(inputs));
        }

        Tape<double> tape = inputs[0].Tape;
        Span<int> indices = stackalloc int[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            if (!ReferenceEquals(inputs[i].Tape, tape))
            {
                throw new InvalidOperationException(
                    $"Input {i} of a solve of {typeof(TProblem).Name} is on another tape than the first: a gradient cannot pass between "
                        + "tapes. Make all inputs on one tape, or copy the values of those that need no gradient with its Constant.");
            }

            indices[i] = inputs[i].LiveIndex;
        }

        Tensor<double> value = tape.Allocate(problem.Items, problem.Unknowns, Tape<double>.AnyRequiresGradient(inputs));

        // Statuses live on the tape, eight to a number, so that the backward pass finds them again.
        Tensor<double> kept = tape.Allocate(1, (problem.Items + 7) / 8);
        kept.Values.Clear();
        Span<SolveStatus> statuses = StatusesIn(kept, problem.Items);
        _solver.Solve(problem, new(tape, indices), value.Values, statuses);
        if (value.RequiresGradient)
        {
            tape.Record(Step.Instance, inputs, [value], [kept], Applied.Of(this, problem));
        }

        return new(value, statuses);
    }

    private static Span<SolveStatus> StatusesIn(Tensor<double> kept, int items) =>
        MemoryMarshal.Cast<double, SolveStatus>(kept.Values)[..items];

    private static string? CapturedTensor(Type type)
    {
        foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            Type fieldType = field.FieldType.IsArray ? field.FieldType.GetElementType()! : field.FieldType;
            if (fieldType.IsGenericType && fieldType.GetGenericTypeDefinition() == typeof(Tensor<>))
            {
                return field.Name;
            }
        }

        return null;
    }

    private sealed record Applied(ImplicitSolve<TProblem> Solve, TProblem Problem)
    {
        [ThreadStatic]
        private static Applied? _last;

        // A thread solves the same problem step after step, on other inputs: what a step remembers is made once.
        public static Applied Of(ImplicitSolve<TProblem> solve, TProblem problem) =>
            _last is { } last && ReferenceEquals(last.Solve, solve) && EqualityComparer<TProblem>.Default.Equals(last.Problem, problem)
                ? last
                : _last = new(solve, problem);
    }

    private sealed class Step : Operation<double>
    {
        public static readonly Step Instance = new();

        public override string Name => "implicit solve of " + typeof(TProblem).Name;

        public override void Backward(in RecordedStep<double> step)
        {
            Applied applied = step.Context<Applied>();
            TProblem problem = applied.Problem;
            Tensor<double> value = step.Output();
            applied.Solve._adjoint.PullBack(
                problem,
                new(step.Tape, step.InputIndices),
                value.Values,
                StatusesIn(step.Saved(0), problem.Items),
                value.Gradient,
                new(step.Tape, step.InputIndices));
        }
    }
}
